"""How many stars a shot has, and its tags."""

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'


def upgrade() -> None:
    op.add_column('shot', sa.Column('rating', sa.Integer(), nullable=False, server_default='0'))
    op.add_column('shot', sa.Column('tags', sa.JSON(), nullable=False, server_default='[]'))
