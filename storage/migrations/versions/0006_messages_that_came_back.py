"""Messages that came back, and the address that a link proves"""

import sqlalchemy as sa
from alembic import op

from storage.models.columns import UtcDateTime

revision = '0006'
down_revision = '0005'


def upgrade() -> None:
    op.create_table('bounce',
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('person_id', sa.LargeBinary(length=16), nullable=True),
    sa.Column('mail_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('address', sa.LargeBinary(length=32), nullable=False),
    sa.Column('status', sa.String(length=16), nullable=False),
    sa.Column('at', UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('mail_id')
    )
    op.create_index('ix_bounce_address', 'bounce', ['address'], unique=False)
    op.create_index('ix_bounce_person_id', 'bounce', ['person_id'], unique=False)
    op.add_column('link', sa.Column('proves', sa.LargeBinary(length=32), nullable=True))


def downgrade() -> None:
    op.drop_column('link', 'proves')
    op.drop_index('ix_bounce_person_id', table_name='bounce')
    op.drop_index('ix_bounce_address', table_name='bounce')
    op.drop_table('bounce')
