"""Tables that people uploaded: `/api/datasets/` and what is below. All of it reads."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponseBase, StreamingHttpResponse
from rest_framework.exceptions import APIException, NotFound, ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.status import HTTP_409_CONFLICT

from api.datasets import schema
from api.datasets.query import (
    ColumnsQuery,
    MissingQuery,
    PageQuery,
    RowsQuery,
    VersionQuery,
)
from api.datasets.serializers import (
    ColumnPageSerializer,
    ColumnSerializer,
    DatasetDetailSerializer,
    DatasetPageSerializer,
    DatasetSerializer,
    MissingSerializer,
    RowsSerializer,
    column_body,
    rows_body,
)
from api.http.formats import CSVRenderer, InFormats, NDJSONRenderer
from api.http.params import parse_query, refuse_unknown_parameters
from api.http.throttles import CostlyReadThrottle
from datasets.models import Dataset, DatasetVersion
from datasets.rows import profiles, read

NO_SUCH_DATASET = "There is no such dataset, or it is not shared with you."
NO_SUCH_VERSION = "This dataset has no such version, or it is not stored."
NO_SUCH_COLUMN = "This dataset has no such column."


class NotStored(APIException):
    """The dataset is there, and no version of it is stored yet."""

    status_code = HTTP_409_CONFLICT
    default_detail = "Nothing of this dataset is stored yet. Ask again in a while."
    default_code = "not_stored"


class ParquetRenderer(BaseRenderer):
    """Stands for Parquet where a format is chosen; `exporting` makes it."""

    media_type, format = "application/vnd.apache.parquet", "parquet"


class DatasetView(GenericAPIView):
    """Base: the datasets that are shared, and the user's own."""

    queryset = Dataset.objects.all()  # says whose permissions hold
    pagination_class = None

    def get_queryset(self) -> QuerySet[Dataset]:
        found = Dataset.objects.visible_to(self.request.user)
        return found.select_related("owner")

    def dataset(self, slug: str) -> Dataset:
        found = self.get_queryset().filter(slug=slug).first()
        if found is None:
            raise NotFound(NO_SUCH_DATASET)
        return found

    def version(self, slug: str, number: int | None) -> DatasetVersion:
        """A version that is stored: the newest, unless one is named."""
        dataset = self.dataset(slug)
        if number is None and (version := dataset.current) is None:
            raise NotStored
        if number is not None:
            version = dataset.versions.ready().filter(number=number).first()
            if version is None:
                raise NotFound(NO_SUCH_VERSION)
        return version


@schema.DATASETS
class DatasetList(DatasetView):
    serializer_class = DatasetPageSerializer

    def get(self, request: Request) -> Response:
        query = parse_query(request.query_params, PageQuery)
        found = self.get_queryset().listed_for(request.user)
        some = found[query["offset"] : query["offset"] + query["limit"]]
        newest = _newest(some)
        for dataset in some:
            dataset.newest = newest.get(dataset.pk)
        results = DatasetSerializer(some, many=True).data
        return Response({"total": found.count(), "results": results})


@schema.DATASET
class DatasetDetail(DatasetView):
    serializer_class = DatasetDetailSerializer

    def get(self, request: Request, dataset: str) -> Response:
        refuse_unknown_parameters(request)
        found = self.dataset(dataset)
        found.newest, versions = found.current, found.versions.light()
        mine = Dataset.objects.editable_by(request.user).filter(pk=found.pk)
        found.listed = versions if mine.exists() else versions.ready()
        return Response(DatasetDetailSerializer(found).data)


@schema.COLUMNS
class ColumnList(DatasetView):
    serializer_class = ColumnPageSerializer

    def get(self, request: Request, dataset: str) -> Response:
        query = parse_query(request.query_params, ColumnsQuery)
        version = self.version(dataset, query.get("version"))
        words = query.get("q", "").lower()
        names = profiles.names(version)
        found = [n for n, name in enumerate(names, 1) if words in name.lower()]
        some = found[query["offset"] : query["offset"] + query["limit"]]
        shown = profiles.some(version, some)
        results = [column_body(*one) for one in zip(some, shown, strict=True)]
        body = {"version": version.number, "total": len(found), "results": results}
        return Response(body)


@schema.COLUMN
class ColumnDetail(DatasetView):
    serializer_class = ColumnSerializer
    throttle_classes = [CostlyReadThrottle]

    def get(self, request: Request, dataset: str, column: str) -> Response:
        query = parse_query(request.query_params, VersionQuery)
        version = self.version(dataset, query.get("version"))
        number = int(column)
        if not 1 <= number <= version.n_columns:
            raise NotFound(NO_SUCH_COLUMN)
        profile = read.profile(version, *profiles.some(version, [number]))
        return Response(column_body(number, profile))


@schema.MISSING
class MissingValues(DatasetView):
    serializer_class = MissingSerializer

    def get(self, request: Request, dataset: str) -> Response:
        query = parse_query(request.query_params, MissingQuery)
        version = self.version(dataset, query.get("version"))
        n_rows = version.n_rows
        names = profiles.names(version)
        lacking = profiles.lacking(version)
        some = lacking[query["offset"] : query["offset"] + query["limit"]]
        results = [
            {"number": at, "name": names[at - 1], "nulls": n, "share": n / n_rows}
            for at, n in some
        ]
        about = {"version": version.number, "n_rows": n_rows, "total": len(lacking)}
        return Response(about | {"results": results})


@schema.ROWS
class RowList(DatasetView):
    serializer_class = RowsSerializer
    throttle_classes = [CostlyReadThrottle]

    def get(self, request: Request, dataset: str) -> Response:
        query = parse_query(request.query_params, RowsQuery)
        version = self.version(dataset, query.version)
        if query.column > version.n_columns:
            last = f"The last column is number {version.n_columns:,}."
            raise ValidationError({"column": [last]})
        numbers = range(query.column, query.column + query.columns)
        shown = profiles.some(version, numbers)
        names = [column["name"] for column in shown]
        found = read.rows(version, query, names)
        return Response(rows_body(version, found))


@schema.DOWNLOAD
class Download(DatasetView, InFormats):
    """All rows and columns of a version, sent while they are read."""

    serializer_class = RowsSerializer
    throttle_classes = [CostlyReadThrottle]
    renderer_classes = [JSONRenderer, CSVRenderer, NDJSONRenderer, ParquetRenderer]

    def get(self, request: Request, dataset: str) -> HttpResponseBase:
        from datasets.rows import export  # with pyarrow

        query = parse_query(request.query_params, VersionQuery)
        version = self.version(dataset, query.get("version"))
        format_ = request.accepted_renderer.format
        parts = export.export(version, format_)
        name = f"{version.dataset.slug}-{version.number}.{format_}"
        return StreamingHttpResponse(
            parts,
            content_type=export.FORMATS[format_],
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


def _newest(datasets: Any) -> dict[int, DatasetVersion]:
    """The newest stored version of each, in one query."""
    versions = DatasetVersion.objects.ready().light().filter(dataset__in=list(datasets))
    newest = versions.order_by("dataset_id", "-number").distinct("dataset_id")
    return {version.dataset_id: version for version in newest}
