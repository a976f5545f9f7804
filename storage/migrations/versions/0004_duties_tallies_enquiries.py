"""What people owe on a schedule, questions asked of the organisation, and counts of visits"""

import sqlalchemy as sa
from alembic import op

from storage.models.columns import UtcDateTime
from storage.seal_column import SealedType

revision = '0004'
down_revision = '0003'


def upgrade() -> None:
    op.create_table('duty',
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('kind', sa.Enum('review', 'assessment', 'dating', name='dutykind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('about', sa.String(length=60), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('assigned_to', sa.LargeBinary(length=16), nullable=True),
    sa.Column('opened_at', UtcDateTime(), nullable=False),
    sa.Column('done_on', sa.Date(), nullable=True),
    sa.Column('done_by', sa.LargeBinary(length=16), nullable=True),
    sa.Column('finding', SealedType(), nullable=True),
    sa.ForeignKeyConstraint(['assigned_to'], ['staff.id'], ),
    sa.ForeignKeyConstraint(['done_by'], ['staff.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ix_duty_open', 'duty', ['kind', 'about', 'done_on'], unique=False)
    op.create_table('tally',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('what', sa.String(length=20), nullable=False),
    sa.Column('word', sa.String(length=40), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('day', 'what', 'word')
    )
    op.create_table('enquiry',
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('person_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('reference', sa.String(length=20), nullable=False),
    sa.Column('text', SealedType(), nullable=False),
    sa.Column('answer', SealedType(), nullable=True),
    sa.Column('language', sa.String(length=16), nullable=False),
    sa.Column('asked_at', UtcDateTime(), nullable=False),
    sa.Column('answered_at', UtcDateTime(), nullable=True),
    sa.Column('answered_by', sa.LargeBinary(length=16), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('reference')
    )
    op.create_index('ix_enquiry_person_id', 'enquiry', ['person_id'], unique=False)
    op.create_index('ix_enquiry_asked_at', 'enquiry', ['asked_at'], unique=False)


def downgrade() -> None:
    for index, table in (('ix_enquiry_asked_at', 'enquiry'), ('ix_enquiry_person_id', 'enquiry')):
        op.drop_index(index, table_name=table)
    op.drop_table('enquiry')
    op.drop_table('tally')
    op.drop_index('ix_duty_open', table_name='duty')
    op.drop_table('duty')
