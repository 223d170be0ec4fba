"""Previews before the rest."""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'


def upgrade() -> None:
    op.add_column('job', sa.Column('rank', sa.Integer(), nullable=False, server_default='1'))
