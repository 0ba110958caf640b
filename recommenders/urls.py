from django.urls import path

from recommenders import chart_views, making_views, question_views, views

urlpatterns = [
    path("", views.list_recommenders, name="recommenders"),
    path("new/", making_views.new, name="new_recommender"),
    path("<slug:slug>/", views.show, name="recommender"),
    path("<slug:slug>/progress/", views.progress, name="recommender_progress"),
    path("<slug:slug>/change/", making_views.change, name="change_recommender"),
    path("<slug:slug>/delete/", views.delete, name="delete_recommender"),
    path("<slug:slug>/train/", views.train, name="train_recommender"),
    path("<slug:slug>/share/", views.share, name="share_recommender"),
    path("<slug:slug>/roll-back/", views.roll_back, name="roll_back_recommender"),
    path(
        "<slug:slug>/versions/<int:number>/promote/",
        views.promote,
        name="promote_recommender",
    ),
    path("<slug:slug>/similar/", question_views.similar, name="similar"),
    path("<slug:slug>/for/", question_views.recommended, name="recommended"),
    path("<slug:slug>/taste/", question_views.taste, name="taste"),
    path("<slug:slug>/clean/", question_views.clean, name="clean"),
    path("<slug:slug>/suggest/", question_views.suggest, name="suggest"),
    path("<slug:slug>/profile/", question_views.profile, name="profile"),
    path("<slug:slug>/charts/", chart_views.tops, name="tops"),
]
