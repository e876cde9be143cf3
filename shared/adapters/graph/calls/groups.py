"""Groups and who belongs to them."""

from typing import Final

from kiota_abstractions.method import Method

from shared.adapters.graph.calls.call import Call

READ_GROUP: Final = Call(
    operation="group.read",
    method=Method.GET,
    template="{+baseurl}/v1.0/groups/{group}{?%24select}",
    role="GroupMember.Read.All",
    success=frozenset({200}),
    select=("id", "groupTypes", "isAssignableToRole", "onPremisesSyncEnabled", "visibility"),
)

LIST_GROUP_PEOPLE: Final = Call(
    operation="group-people.list",
    method=Method.GET,
    # Without a cast to users: that would read an index which lags behind the directory.
    template="{+baseurl}/v1.0/groups/{group}/transitiveMembers{?%24select,%24top}",
    role="GroupMember.Read.All",
    success=frozenset({200}),
    select=("id",),
    top=999,
)

ADD_MEMBER: Final = Call(
    operation="member.add",
    method=Method.POST,
    template="{+baseurl}/v1.0/groups/{group}/members/%24ref",
    role="GroupMember.ReadWrite.All",
    success=frozenset({200, 204}),
    writes=True,
)

REMOVE_MEMBER: Final = Call(
    operation="member.remove",
    method=Method.DELETE,
    template="{+baseurl}/v1.0/groups/{group}/members/{user}/%24ref",
    role="GroupMember.ReadWrite.All",
    success=frozenset({200, 204}),
    writes=True,
)

LIST_GROUP_OWNERS: Final = Call(
    operation="group-owners.list",
    method=Method.GET,
    # The other way round, users/{id}/ownedObjects, is not for applications.
    template="{+baseurl}/v1.0/groups/{group}/owners{?%24select}",
    role="GroupMember.Read.All",
    success=frozenset({200}),
    select=("id",),
)

LIST_MEMBERSHIPS: Final = Call(
    operation="memberships.list",
    method=Method.GET,
    # Without a cast to groups: that would read an index which lags behind the directory.
    template="{+baseurl}/v1.0/users/{user}/transitiveMemberOf{?%24select,%24top}",
    role="User.Read.All",
    success=frozenset({200}),
    select=("id",),
    top=999,
)

CHECK_GROUPS: Final = Call(
    operation="groups.check",
    # A question, though it is sent as a POST: it may be asked again.
    method=Method.POST,
    template="{+baseurl}/v1.0/users/{user}/checkMemberGroups",
    role="GroupMember.Read.All",
    success=frozenset({200}),
)
