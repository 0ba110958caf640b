"""Every route answers with and without its trailing slash; nothing redirects."""

from django.urls import URLPattern, path, re_path
from rest_framework.views import APIView

from api.accounts import views as accounts
from api.arrays2019 import views as arrays2019
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

VIDEO = "(?P<video_id>[A-Za-z0-9_-]{11})"
DATASET = "datasets/(?P<dataset>[a-z0-9_-]+)"
RECOMMENDER = "recommenders/(?P<slug>[-a-zA-Z0-9_]+)"
USER = r"(?P<user_id>\d{1,18})"
PLAYLIST = r"user/playlists/(?P<playlist_id>\d{1,18})"
ROUTES: dict[str, type[APIView]] = {
    "new-videos": arrays2019.NewVideoList,
    f"new-videos/{VIDEO}": arrays2019.NewVideoDetail,
    "new-videos-stats": arrays2019.StatisticsList,
    f"new-videos-stats/{VIDEO}": arrays2019.StatisticsDetail,
    "new-comments": arrays2019.CommentList,
    "new-videos-thumbnails": arrays2019.ThumbnailList,
    "new-videos-moods": suggestions.MoodSuggestions,
    "predictions": arrays2019.PredictionList,
    "moods": arrays2019.MoodList,
    "videos": videos.VideoList,
    f"videos/{VIDEO}": videos.VideoDetail,
    f"videos/{VIDEO}/similar": similar.SimilarVideos,
    f"videos/{VIDEO}/licence": licences.LicencePassport,
    f"videos/{VIDEO}/claims": licences.ContentClaims,
    "mix": mix.MoodMix,
    "predict": predict.Predict,
    "datasets": datasets.DatasetList,
    DATASET: datasets.DatasetDetail,
    f"{DATASET}/columns": datasets.ColumnList,
    rf"{DATASET}/columns/(?P<column>[0-9]{{1,6}})": datasets.ColumnDetail,
    f"{DATASET}/missing": datasets.MissingValues,
    f"{DATASET}/rows": datasets.RowList,
    f"{DATASET}/download": datasets.Download,
    "recommenders": recommenders.RecommenderList,
    RECOMMENDER: recommenders.RecommenderDetail,
    f"{RECOMMENDER}/similar": recommenders.SimilarItems,
    f"{RECOMMENDER}/recommend": recommenders.Recommended,
    f"{RECOMMENDER}/suggest": recommenders.Suggested,
    f"{RECOMMENDER}/clean": recommenders.Cleaned,
    f"{RECOMMENDER}/statistics": recommenders.ItemStatistics,
    "register/oauth": accounts.SignIn,
    f"users/{USER}": accounts.User,
    f"users/{USER}/export": accounts.UserExport,
    "user/playlists": accounts.PlaylistAdding,
    f"user/playlists/{USER}/playlists": accounts.PlaylistsOfUser,
    PLAYLIST: accounts.PlaylistRemoving,
    f"{PLAYLIST}/songs": accounts.PlaylistSongs,
    f"{PLAYLIST}/song": accounts.SongAdding,
    rf"{PLAYLIST}/song/(?P<row_id>\d{{1,18}})": accounts.Song,
}


def _route(pattern: str, view: type[APIView], **options: object) -> URLPattern:
    return re_path(rf"^{pattern}/?$", view.as_view(**options))


root = arrays2019.Root.as_view()
urlpatterns = [
    path("", root),
    *(_route(pattern, view) for pattern, view in ROUTES.items()),
    # Without metadata OPTIONS is a 405: these two have none that their renderers show.
    _route("schema", arrays2019.OpenAPI, metadata_class=None),
    _route("docs", docs.Docs, metadata_class=None),
    re_path(r"", unknown_path),
]
