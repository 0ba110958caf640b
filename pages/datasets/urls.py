from django.urls import path

from pages.datasets import changes, upload, views

urlpatterns = [
    path("", views.list_datasets, name="datasets"),
    path("upload/", upload.upload, name="upload"),
    path("<slug:slug>/", views.show, name="dataset"),
    path("<slug:slug>/rows/", views.rows, name="rows"),
    path("<slug:slug>/columns/<int:number>/", views.column, name="column"),
    path("<slug:slug>/progress/", views.progress, name="dataset_progress"),
    path("<slug:slug>/describe/", changes.describe, name="describe_dataset"),
    path("<slug:slug>/delete/", changes.delete, name="delete_dataset"),
    path(
        "<slug:slug>/<int:number>/delete/",
        changes.delete_version,
        name="delete_dataset_version",
    ),
    path("<slug:slug>/share/", changes.share, name="share_dataset"),
    path("<slug:slug>/<int:number>/check/", upload.check, name="check"),
]
