"""Whom a step is named after."""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'


def upgrade() -> None:
    op.add_column('step', sa.Column('who', sa.String(length=120), nullable=False, server_default=''))
