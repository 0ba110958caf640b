"""What to search for, what each run did, and what it cost."""

from django.db import models

from songs.models.video import Origin


class SearchProfile(models.Model):
    """A standing search that `get_new_videos` crawls to its end, page by page."""

    class Order(models.TextChoices):
        RELEVANCE = "relevance", "most relevant first"
        DATE = "date", "newest first"
        VIEWS = "viewCount", "most viewed first"
        RATING = "rating", "best rated first"

    class Duration(models.TextChoices):
        ANY = "any", "any length"
        SHORT = "short", "under 4 minutes"
        MEDIUM = "medium", "4 to 20 minutes"
        LONG = "long", "over 20 minutes"

    name = models.CharField(max_length=100, unique=True)
    query = models.CharField(max_length=500)
    enabled = models.BooleanField(default=True)
    video_duration = models.CharField(
        max_length=6, choices=Duration, default=Duration.MEDIUM
    )
    relevance_language = models.CharField(max_length=10, default="en", blank=True)
    region_code = models.CharField(max_length=2, blank=True)
    category_id = models.CharField(max_length=5, blank=True)
    topic_id = models.CharField(max_length=30, blank=True)
    order = models.CharField(max_length=9, choices=Order, default=Order.RELEVANCE)
    cursor = models.JSONField(
        default=dict,
        blank=True,
        help_text="Where the crawl stands; {} starts from the beginning.",
    )

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name

    def search_params(self) -> dict[str, str]:
        """The parameters of `search.list`, without paging, windows and its defaults."""
        params = {
            "q": self.query,
            "type": "video",
            "videoLicense": "creativeCommon",
            "videoSyndicated": "true",
            "videoEmbeddable": "true",
            "videoDuration": self.video_duration,
            "order": "" if self.order == self.Order.RELEVANCE else self.order,
            "relevanceLanguage": self.relevance_language,
            "regionCode": self.region_code,
            "videoCategoryId": self.category_id,
            "topicId": self.topic_id,
        }
        return {name: value for name, value in params.items() if value}


class IngestRun(models.Model):
    """The ledger: one row per run of a job (and profile, where it has one)."""

    class Job(models.TextChoices):
        GET_NEW_VIDEOS = "get_new_videos"
        REFRESH_VIDEOS = "refresh_videos"
        GET_NEW_COMMENTS = "get_new_comments"
        PREDICT_MOODS = "predict_moods"
        COMPARE_VIDEOS = "compare_videos"
        TRAIN_MOODS = "train_moods"

    class Status(models.TextChoices):
        RUNNING = "running", "running"
        SUCCEEDED = "succeeded", "succeeded"
        PAUSED = "paused", "paused, goes on next time"
        FAILED = "failed", "failed"
        INTERRUPTED = "interrupted", "interrupted"

    job = models.CharField(max_length=16, choices=Job)
    profile = models.ForeignKey(
        SearchProfile, on_delete=models.SET_NULL, null=True, related_name="runs"
    )
    origin = models.CharField(max_length=7, choices=Origin, default=Origin.YOUTUBE)
    started = models.DateTimeField()
    ended = models.DateTimeField(null=True)
    status = models.CharField(max_length=11, choices=Status, default=Status.RUNNING)
    total = models.IntegerField(null=True)  # to be found, where that is known
    found = models.IntegerField(default=0)
    new = models.IntegerField(default=0)
    updated = models.IntegerField(default=0)
    unchanged = models.IntegerField(default=0)
    refused = models.JSONField(default=dict)  # {reason: count}
    calls = models.JSONField(default=dict)  # {bucket: units}
    error = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            # read by doctor and make run: the last good run of a job
            models.Index(fields=["job", "-id"], name="run_job"),
        ]

    def __str__(self) -> str:
        return f"{self.job} {self.started:%Y-%m-%d %H:%M} {self.status}"


class RefusedVideo(models.Model):
    """A video that a search found and we may not have; not asked for again so soon."""

    video_id = models.CharField(max_length=11, primary_key=True)
    origin = models.CharField(max_length=7, choices=Origin)  # who found it
    reason = models.CharField(max_length=100)
    refused_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.video_id}: {self.reason}"


class QuotaDay(models.Model):
    """Units spent in one bucket on one Pacific day, counted before they are sent."""

    origin = models.CharField(max_length=7, choices=Origin, default=Origin.YOUTUBE)
    bucket = models.CharField(max_length=10)
    day = models.DateField()
    used = models.IntegerField(default=0)
    exhausted = models.BooleanField(default=False)  # YouTube itself said so

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["origin", "bucket", "day"], name="one_row_per_bucket_and_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bucket} {self.day}: {self.used}"
