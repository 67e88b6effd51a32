"""Language models over HTTP, all optional: the product does its whole job without one."""
