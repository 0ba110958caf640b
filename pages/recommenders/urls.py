from django.urls import path

from pages.recommenders import ask, charts, edit, views

urlpatterns = [
    path("", views.list_recommenders, name="recommenders"),
    path("new/", edit.new, name="new_recommender"),
    path("<slug:slug>/", views.show, name="recommender"),
    path("<slug:slug>/progress/", views.progress, name="recommender_progress"),
    path("<slug:slug>/change/", edit.change, name="change_recommender"),
    path("<slug:slug>/delete/", views.delete, name="delete_recommender"),
    path("<slug:slug>/train/", views.train, name="train_recommender"),
    path("<slug:slug>/share/", views.share, name="share_recommender"),
    path("<slug:slug>/roll-back/", views.roll_back, name="roll_back_recommender"),
    path(
        "<slug:slug>/versions/<int:number>/promote/",
        views.promote,
        name="promote_recommender",
    ),
    path("<slug:slug>/similar/", ask.similar, name="similar"),
    path("<slug:slug>/for/", ask.recommended, name="recommended"),
    path("<slug:slug>/taste/", ask.taste, name="taste"),
    path("<slug:slug>/clean/", ask.clean, name="clean"),
    path("<slug:slug>/suggest/", ask.suggest, name="suggest"),
    path("<slug:slug>/profile/", ask.profile, name="profile"),
    path("<slug:slug>/charts/", charts.tops, name="tops"),
]
