"""Every code that an error of this API may have: what a program can branch on."""

CODES: dict[int, dict[str, str]] = {
    400: {
        "invalid": "what you sent is wrong: `fields` says where",
        "parse_error": "the body is no JSON, or the query has too many parameters",
        "bad_request": "the `Host` is none of ours, or the request is malformed",
    },
    401: {
        "not_authenticated": "this is private: sign in",
        "authentication_failed": "this token opens nothing: sign in again",
        "token_refused": "the token of a program is unknown, revoked or expired, or opens nothing here",
        "google_token_refused": "Google's token is old, forged or for another service",
    },
    403: {
        "not_authenticated": "nobody may write here without signing in",
        "permission_denied": "you may not do this, or the CSRF token is missing",
        "insufficient_scope": "the token of a program may not do this",
    },
    404: {
        "not_found": "no such thing or route, or it belongs to another",
        "unknown_name": "nothing here is called so: `suggestions` has the names most like it",
    },
    405: {"method_not_allowed": "the route does not do that"},
    406: {"not_acceptable": "not in the format that `Accept` asks for"},
    409: {
        "already_exists": "the catalogue has this video; its entry stays as it is",
        "limit_reached": "as many playlists or songs as there may be",
        "not_compared": "what is like this video is not known: not yet, or it has no text",
        "not_trained": "this recommender has not learned yet: ask again when it has",
        "not_stored": "nothing of this dataset is stored yet: ask again in a while",
        "order_outdated": "the order is of other songs than the playlist has now",
    },
    410: {"gone": "no longer offered: `gone_since`, `gone_why`"},
    413: {"too_large": "the body is larger than 1 MiB"},
    415: {"unsupported_media_type": "the body is not `application/json`"},
    429: {"throttled": "too many of your requests: wait for `Retry-After` seconds"},
    500: {"error": "a fault of ours; it is logged"},
    503: {
        "database_unavailable": "wait for `Retry-After` seconds and ask again",
        "too_slow": "this combination takes too long: ask for less at once",
        "similar_unavailable": "the database lacks pgvector; its operator sees why",
        "model_refused": "the mood model may not be used; its operator sees why",
        "recommender_damaged": "files of this recommender are damaged; its operator sees why",
        "sign_in_not_configured": "nobody can sign in here: it is not set up",
        "google_unreachable": "nobody can sign in for the moment: try again shortly",
    },
}
NAMES = sorted({code for codes in CODES.values() for code in codes})
EVERYWHERE = {  # on each route
    400: ("bad_request",),
    401: ("token_refused",),
    503: ("database_unavailable",),
}
OF_PROGRAMS = {429: ("throttled",)}  # where a program's token opens something
EVERYWHERE_UNSAID = (405, 406, 500)  # too, and said once for the whole document
