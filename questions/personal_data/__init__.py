"""One person's data as a file of their own, out and in again. No ORM: `services.takeout` reads the rows and
`services.takein` writes them."""
