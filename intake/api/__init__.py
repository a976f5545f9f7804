"""JSON routes under ``/api/v1``: thin: parse, one call to the desk, answer. Errors are RFC 9457 problem documents."""
