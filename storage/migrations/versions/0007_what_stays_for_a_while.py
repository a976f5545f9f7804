"""Files that were replaced, digests that keep lists from bringing erased people back, and until when one is kept"""

import sqlalchemy as sa
from alembic import op

from storage.models.columns import UtcDateTime

revision = '0007'
down_revision = '0006'


def upgrade() -> None:
    op.create_table('retired_blob',
    sa.Column('blob_id', sa.String(length=64), nullable=False),
    sa.Column('person_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('retired_at', UtcDateTime(), nullable=False),
    sa.Column('kept_until', UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], ),
    sa.PrimaryKeyConstraint('blob_id')
    )
    op.create_index('ix_retired_blob_kept_until', 'retired_blob', ['kept_until'], unique=False)
    op.create_index('ix_retired_blob_person_id', 'retired_blob', ['person_id'], unique=False)
    op.create_table('suppression',
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('value', sa.LargeBinary(length=32), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ix_suppression_ends_on', 'suppression', ['ends_on'], unique=False)
    op.create_index('ix_suppression_value', 'suppression', ['value'], unique=False)
    op.create_index('ix_suppression_year', 'suppression', ['year'], unique=False)
    op.add_column('ending', sa.Column('digest_until', sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column('ending', 'digest_until')
    op.drop_index('ix_suppression_year', table_name='suppression')
    op.drop_index('ix_suppression_value', table_name='suppression')
    op.drop_index('ix_suppression_ends_on', table_name='suppression')
    op.drop_table('suppression')
    op.drop_index('ix_retired_blob_person_id', table_name='retired_blob')
    op.drop_index('ix_retired_blob_kept_until', table_name='retired_blob')
    op.drop_table('retired_blob')
