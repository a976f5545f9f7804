"""``vitavault doctor``: looks at everything that must be so, and says for each fault what to do. It changes nothing."""

from intake.desk.doctor.examine import examine
from intake.desk.doctor.finding import Finding, Level

__all__ = ["Finding", "Level", "examine"]
