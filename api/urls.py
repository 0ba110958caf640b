"""Every route answers with and without its trailing slash; nothing redirects."""

from django.urls import path, re_path

from api.accounts import views as accounts
from api.arrays2019 import views
from api.datasets import views as datasets
from api.licences import views as licences
from api.mix import views as mix
from api.openapi import docs
from api.predict import views as predict
from api.recommenders import views as recommenders
from api.similar import views as similar
from api.suggestions import views as suggestions
from api.videos import views as videos
from web.errors import unknown_path

root = views.Root.as_view()
# Without metadata OPTIONS is a 405: these two have none that their renderers could show.
openapi = views.OpenAPI.as_view(metadata_class=None)
docs_page = docs.Docs.as_view(metadata_class=None)

urlpatterns = [
    path("", root),
    re_path(r"^new-videos/?$", views.NewVideoList.as_view()),
    re_path(
        r"^new-videos/(?P<video_id>[A-Za-z0-9_-]{11})/?$",
        views.NewVideoDetail.as_view(),
    ),
    re_path(r"^new-videos-stats/?$", views.StatisticsList.as_view()),
    re_path(
        r"^new-videos-stats/(?P<video_id>[A-Za-z0-9_-]{11})/?$",
        views.StatisticsDetail.as_view(),
    ),
    re_path(r"^new-comments/?$", views.CommentList.as_view()),
    re_path(r"^new-videos-thumbnails/?$", views.ThumbnailList.as_view()),
    re_path(r"^new-videos-moods/?$", suggestions.MoodSuggestions.as_view()),
    re_path(r"^predictions/?$", views.PredictionList.as_view()),
    re_path(r"^moods/?$", views.MoodList.as_view()),
    re_path(r"^videos/?$", videos.VideoList.as_view()),
    re_path(
        r"^videos/(?P<video_id>[A-Za-z0-9_-]{11})/?$", videos.VideoDetail.as_view()
    ),
    re_path(
        r"^videos/(?P<video_id>[A-Za-z0-9_-]{11})/similar/?$",
        similar.SimilarVideos.as_view(),
    ),
    re_path(r"^datasets/?$", datasets.DatasetList.as_view()),
    *(
        re_path(rf"^datasets/(?P<dataset>[a-z0-9_-]+)/{below}/?$", view.as_view())
        for below, view in {
            "columns": datasets.ColumnList,
            r"columns/(?P<column>[0-9]{1,6})": datasets.ColumnDetail,
            "missing": datasets.MissingValues,
            "rows": datasets.RowList,
            "download": datasets.Download,
        }.items()
    ),
    re_path(r"^datasets/(?P<dataset>[a-z0-9_-]+)/?$", datasets.DatasetDetail.as_view()),
    re_path(r"^mix/?$", mix.MoodMix.as_view()),
    re_path(r"^predict/?$", predict.Predict.as_view()),
    re_path(
        r"^videos/(?P<video_id>[A-Za-z0-9_-]{11})/licence/?$",
        licences.LicencePassport.as_view(),
    ),
    re_path(
        r"^videos/(?P<video_id>[A-Za-z0-9_-]{11})/claims/?$",
        licences.ContentClaims.as_view(),
    ),
    *recommenders.urlpatterns,
    *accounts.urlpatterns,
    re_path(r"^schema/?$", openapi),
    re_path(r"^docs/?$", docs_page),
    re_path(r"", unknown_path),
]
