"""The index from which the cut is read, without the rows."""

from alembic import op

revision = '0008'
down_revision = '0007'


def upgrade() -> None:
    op.drop_index('shot_order', table_name='shot')
    op.create_index(
        'shot_order', 'shot', ['project_id', 'sequence_id', 'position', 'id', 'frame_count', 'deleted_at'], unique=False
    )
