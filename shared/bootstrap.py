class Services: ...


services = Services
