"""An untrusted file becomes a Reading. Knows no database, holds no secret."""
