"""The rule of the label, as SQL over the events of many videos at once.

An event of source `second` is an opinion: whoever gave it did not see the label. Every
other event is a decision. A video's label is voted by its last decision and by the last
opinion of each other person given after it. The most frequent mood wins, of equals the
one said first. A decision that skips or clears leaves no label, whatever opinions
follow; opinions without a decision vote alone; one that skips or clears has no vote.

Acts that were taken back count in nothing. Acts of source `revert` do not either: they
note what became of a label when others were taken back.

docs/decisions/0006-whose-label-counts.md says why.
"""

OF_ONE_VIDEO = "l.video_id = %(video_id)s"
WITH_OPINIONS = """l.video_id IN (
    SELECT video_id FROM songs_moodlabel WHERE source = 'second')"""


def standing(where: str = "true", reverts: str = "true") -> str:
    """The events that nobody took back; `where` chooses among them by `l`, their table.

    `reverts` chooses which reverts hold, by `r`, among those that nobody undid.
    """
    return f"""
    SELECT l.* FROM songs_moodlabel l
     WHERE {where} AND l.source <> 'revert' AND NOT EXISTS (
        SELECT FROM songs_labelrevert_acts taken
          JOIN songs_labelrevert r ON r.id = taken.labelrevert_id
         WHERE taken.moodlabel_id = l.id AND r.undone_at IS NULL
           AND {reverts})"""


def counted(where: str = "true", reverts: str = "true") -> str:
    """The events that count: of each video its last decision and the opinions on it."""
    return f"""
    WITH standing AS ({standing(where, reverts)}), decision AS (
        SELECT DISTINCT ON (video_id) * FROM standing WHERE source <> 'second'
         ORDER BY video_id, at DESC, id DESC
    ), opinion AS (
        SELECT DISTINCT ON (o.video_id, o.who) o.*
          FROM standing o LEFT JOIN decision d ON d.video_id = o.video_id
         WHERE o.source = 'second'
           AND (d.id IS NULL OR (d.action = 'label' AND d.who <> o.who
                                 AND (d.at, d.id) < (o.at, o.id)))
         ORDER BY o.video_id, o.who, o.at DESC, o.id DESC
    )
    SELECT * FROM decision UNION ALL SELECT * FROM opinion"""


def fold(where: str = "true", reverts: str = "true") -> str:
    """`moods` and `labeled` of each video with an event that stands."""
    return f"""
    SELECT DISTINCT ON (video_id) video_id, mood AS moods,
           CASE WHEN action = 'label' THEN true
                WHEN action = 'skip' AND source <> 'second' THEN false END AS labeled
      FROM (SELECT *, count(*) OVER (PARTITION BY video_id, mood) AS votes
              FROM ({counted(where, reverts)}) counted) voted
     ORDER BY video_id, action = 'label' DESC, votes DESC, at, id"""


def votes(where: str = WITH_OPINIONS) -> str:
    """The votes of each mood of a video; `leads` is how many moods have the most."""
    return f"""
    SELECT *, count(*) FILTER (WHERE votes = most) OVER (PARTITION BY video_id) AS leads
      FROM (SELECT video_id, mood, count(*) AS votes, min(at) AS first,
                   max(count(*)) OVER (PARTITION BY video_id) AS most
              FROM ({counted(where)}) counted
             WHERE action = 'label' GROUP BY video_id, mood) by_mood"""


def tally(where: str = WITH_OPINIONS) -> str:
    """How many votes each video has, and if it is disputed: no mood has the most."""
    return f"""
    SELECT video_id, sum(votes) AS votes, bool_or(leads > 1) AS disputed
      FROM ({votes(where)}) votes GROUP BY video_id"""
