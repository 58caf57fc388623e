"""What marks a demo login. RFC 2606 reserves `.example`: no real person has one."""


def is_demo_address(address: str) -> bool:
    """Whether an e-mail address belongs to the demo content."""
    return address.strip().lower().endswith(".example")
