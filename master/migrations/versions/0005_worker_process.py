"""Which process a worker's record was last written by."""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'


def upgrade() -> None:
    op.add_column('worker', sa.Column('process', sa.String(length=26), nullable=False, server_default=''))
