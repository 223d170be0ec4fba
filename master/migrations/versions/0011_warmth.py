"""Where the weights of an attempt were; and an index of ended attempts, which the farm overview counts."""

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0010'


def upgrade() -> None:
    op.add_column('attempt', sa.Column('warmth', sa.String(length=32), nullable=True))
    ended = sa.text('finished_at IS NOT NULL')
    op.create_index('attempt_ended', 'attempt', ['finished_at', 'status', 'failure_kind', 'warmth'],
                    sqlite_where=ended, postgresql_where=ended)
