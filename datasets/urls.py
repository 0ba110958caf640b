from django.urls import path

from datasets import change_views, upload_views, views

urlpatterns = [
    path("", views.list_datasets, name="datasets"),
    path("upload/", upload_views.upload, name="upload"),
    path("<slug:slug>/", views.show, name="dataset"),
    path("<slug:slug>/rows/", views.rows, name="rows"),
    path("<slug:slug>/columns/<int:number>/", views.column, name="column"),
    path("<slug:slug>/progress/", views.progress, name="dataset_progress"),
    path("<slug:slug>/describe/", change_views.describe, name="describe_dataset"),
    path("<slug:slug>/delete/", change_views.delete, name="delete_dataset"),
    path(
        "<slug:slug>/<int:number>/delete/",
        change_views.delete_version,
        name="delete_dataset_version",
    ),
    path("<slug:slug>/share/", change_views.share, name="share_dataset"),
    path("<slug:slug>/<int:number>/check/", upload_views.check, name="check"),
]
