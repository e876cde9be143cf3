"""The application permissions of each request, as the permissions reference lists them."""

_DIRECTORY_READERS = frozenset({"Directory.Read.All", "Directory.ReadWrite.All"})

USER_READ_BASIC = frozenset({"User.ReadBasic.All"})
USER_READ = frozenset({"User.Read.All", "User.ReadWrite.All"}) | _DIRECTORY_READERS
USER_WRITE = frozenset({"User.ReadWrite.All", "Directory.ReadWrite.All"})
USER_DELETE = frozenset({"User.DeleteRestore.All", "User.ReadWrite.All"})
USER_ENABLE = frozenset({"User.EnableDisableAccount.All"})
USER_PASSWORD = frozenset({"User-PasswordProfile.ReadWrite.All"})

METHODS_READ = frozenset(
    {"UserAuthenticationMethod.Read.All", "UserAuthenticationMethod.ReadWrite.All"}
)
REQUIREMENTS_READ = frozenset({"Policy.Read.All", "Policy.ReadWrite.AuthenticationMethod"})
REQUIREMENTS_WRITE = frozenset({"Policy.ReadWrite.AuthenticationMethod"})
