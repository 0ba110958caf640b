"""The videos as Django REST framework lists them when it is taken as it comes."""

from django.db import models
from django.db.models import F
from django.urls import path
from rest_framework.generics import ListAPIView
from rest_framework.pagination import PageNumberPagination
from rest_framework.serializers import ModelSerializer

from benchmarks.shared.references import FIELDS


class Video(models.Model):
    video_id = models.CharField(max_length=11, primary_key=True)
    video_title = models.TextField(null=True)
    video_description = models.TextField(null=True)
    moods = models.CharField(max_length=15, null=True)
    labeled = models.BooleanField(null=True)
    predicted_moods = models.CharField(max_length=15, null=True)
    predicted_by = models.CharField(max_length=60, null=True)
    predicted_sure = models.BooleanField(null=True)
    mood_scores = models.JSONField(null=True)
    video_thumbnail = models.URLField(null=True)
    licence = models.CharField(max_length=20, null=True)
    channel_id = models.CharField(max_length=64, null=True)
    channel_title = models.TextField(null=True)
    published_at = models.DateTimeField(null=True)
    duration = models.DurationField(null=True)
    language = models.CharField(max_length=35, null=True)
    view_count = models.BigIntegerField(null=True)
    gone_since = models.DateTimeField(null=True)

    class Meta:
        app_label = "stock"
        managed = False
        db_table = "songs_newvideo"

    def __str__(self) -> str:
        return self.video_id


class VideoSerializer(ModelSerializer):
    class Meta:
        model = Video
        fields = FIELDS


class Fifty(PageNumberPagination):
    page_size = 50


class Videos(ListAPIView):
    queryset = Video.objects.filter(gone_since=None).order_by(
        F("published_at").desc(nulls_last=True), "video_id"
    )
    serializer_class = VideoSerializer
    pagination_class = Fifty


urlpatterns = [path("videos/", Videos.as_view())]
