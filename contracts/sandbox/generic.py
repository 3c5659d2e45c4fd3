"""A server for any API that is described as data: it answers as the schemas say.

It has a state: what was created is read by its id, listed, changed and deleted, where the API has
such operations and links. The description is plain JSON (see `contracts.faults.embedded`):
``operations`` (name, method, path, request, response, relations, ...), ``links`` between them, and
``values`` of the path parameters that nothing hands out.

What it can lack: ``unknown`` (a path parameter that nobody handed out will do), ``new_id``
(whatever is created has the id of the first), ``foreign`` (another tenant's are answered),
``listed`` (every second is in no list), ``changes`` (what is read is not what was created),
``changed`` (a change is answered and not kept), ``deleted_stays`` (what was deleted is still
there), ``refused_stays`` (what was refused is kept), ``parameters`` (of query and headers: whatever
they are is taken), ``filtered`` (a filter takes the opposite), ``ordered`` (so does an order),
``sized`` (a page has all items), ``unfit`` (what can't come back as it was sent is taken all the
same), ``json`` (a body that is no JSON text is taken for one).
"""

import threading
from dataclasses import replace
from functools import partial
from typing import Any

from flask import Flask, Response, request

from contracts.sandbox import OTHER_TOKEN, TOKEN, TOKEN_WITHOUT_PERMISSION, relations
from contracts.sandbox.described import Call, Json, Operation, Resource
from contracts.sandbox.http import Refusal, answer, body
from contracts.sandbox.invention import Inventor
from contracts.sandbox.relations import NOTHING, at, carry, copied, homes, nearest_home, put

TENANTS = {TOKEN: "own", TOKEN_WITHOUT_PERMISSION: "own", OTHER_TOKEN: "another"}
WRITES = {"POST", "PUT", "PATCH"}


class Generic:
    """The state of one server; safe to use from several threads."""

    def __init__(self, description: Json, lacks: frozenset[str]) -> None:
        self.operations = {row["name"]: Operation(row) for row in description["operations"]}
        self._links, self._values = description["links"], description["values"]
        self._lacks = lacks
        self._lock = threading.RLock()
        self._resources: list[Resource] = []
        self._references: set[tuple[str, str, str]] = set()
        self._constant: dict[tuple[str, str], Any] = {}

    def respond(self, operation: Operation, **variables: str) -> Response:
        """Answer one request; `variables` are those of the operation's rule."""
        success = operation.data["success"] or (201 if operation.method == "POST" else 200)
        try:
            parameters = operation.parameters(variables, request.args)
            call = Call(operation, parameters, self._authorize(operation))
            if "parameters" not in self._lacks:
                operation.check_parameters(request.args, dict(request.headers))
            with self._lock:
                value = self._value(call)
        except (Refusal, RecursionError) as error:
            refusal = error if isinstance(error, Refusal) else Refusal(400, "It is nested too deep")
            return answer(refusal.status, operation.refusal_body(refusal))
        headers = {row["name"]: request.path for row in operation.of("header")}
        if not operation.data["answers"]:
            return Response(status=operation.data["success"] or 204, headers=headers)
        response = answer(success, value)
        response.headers.update(headers)
        response.content_type = operation.data["media_type"] or "application/json"
        return response

    def _authorize(self, operation: Operation) -> str:
        """Return the tenant that the credential is of."""
        form = operation.data["credential"]
        if form is None:
            return "own"
        scheme = form.removesuffix("{token}")
        place = request.args if operation.data.get("key_in_query") else request.headers
        header = place.get(operation.data["header"], "")
        token = header[len(scheme) :].strip()
        if header[: len(scheme)].lower() != scheme.lower() or token not in TENANTS:
            raise Refusal(401, "No such credential")
        if token == TOKEN_WITHOUT_PERMISSION and operation.data["permission"]:
            raise Refusal(403, f"The permission {operation.data['permission']} is lacking")
        return TENANTS[token]

    def _value(self, call: Call) -> Any:
        """Return the answer: of what is written, deleted, listed or read."""
        operation, base = call.operation, self._named(call)
        if operation.method in WRITES:
            return self._written(call, base)
        if operation.method == "DELETE":
            if base in self._resources and "deleted_stays" not in self._lacks:
                self._resources.remove(base)
            return operation.invented()
        listed = self._listing(operation)
        if listed is not None:
            return self._list(call, *listed)
        return self._read(call, base)

    def _named(self, call: Call) -> Resource | None:
        """Return what the parameters name; Refusal 404 for what is not there."""
        base = None
        for name, value in call.parameters.items():
            place = (call.operation.name, "path", name)
            keys = ("target", "place", "name")
            links = [row for row in self._links if tuple(map(row.get, keys)) == place]
            if links:
                named = [part for part in self._visible(call) if self._is_named(part, links, value)]
                base = named[0] if named else base
                ok = bool(named)
            else:
                ok = name not in self._values or value == self._values[name]
            if not ok and "unknown" not in self._lacks:
                raise Refusal(404, f"There is no such {name}")
        return base

    def _visible(self, call: Call) -> list[Resource]:
        """Return what belongs to the tenant that calls."""
        every = "foreign" in self._lacks
        return [part for part in self._resources if every or part.tenant == call.tenant]

    def _is_named(self, resource: Resource, links: list[Json], value: str) -> bool:
        values = (
            at(resource.views[row["source"]], row["pointer"])
            for row in links
            if row["source"] in resource.views
        )
        return value in (str(name) for name in values if name is not NOTHING)

    def _written(self, call: Call, base: Resource | None) -> Any:
        """Create something, or change `base`; return what is answered, Refusal for a wrong body."""
        operation = call.operation
        sent = self._sent(operation)
        try:
            operation.check(sent)
        except Refusal:
            if "refused_stays" in self._lacks and isinstance(sent, dict):
                self._keep(call, self._made(replace(call, parameters={}), sent, None))
            raise
        members = (operation.data["request"] or {}).get("properties", {})
        unique = [name for name, part in members.items() if "x-unique" in part]
        references = {
            (call.tenant, operation.name, f"{name}={sent[name]}")
            for name in unique
            if isinstance(sent, dict) and isinstance(sent.get(name), str)
        }
        if references & self._references:
            raise Refusal(409, "Such a reference is used already")
        value = self._made(call, sent, base)
        self._references |= references
        if operation.created is not None:
            self._keep(call, value)
        if base is not None and operation.method != "POST" and "changed" not in self._lacks:
            # what was sent is how it is shown from now on
            creator = self.operations[base.operation]
            view = base.views[creator.name]
            home = nearest_home(view, sent, creator.home)
            base.views = {creator.name: carry(view, home, sent, creator.fits)}
        return value

    def _sent(self, operation: Operation) -> Any:
        """Return the body of the request: an empty object where none is needed and none came."""
        is_lacking = not request.get_data() and not operation.data["body_required"]
        if is_lacking or operation.data["request"] is None:
            return {}
        try:
            return body(request)
        except Refusal:
            if "json" not in self._lacks:
                raise
        return Inventor(operation.data["request"]).value(operation.data["request"])

    def _made(self, call: Call, sent: Any, base: Resource | None) -> Any:
        """Return what an operation answers that writes."""
        operation = call.operation
        value = operation.invented()
        if base is not None and (operation.created is None or operation.of("parameter")):
            value = self._filled(operation, value, self._entity(base))
        if isinstance(sent, list) and isinstance(value, list):  # each item is something new
            items = [item for _ in sent for item in operation.invented()[:1]]
            value = carry(items, "", sent, operation.fits)
        if isinstance(sent, dict):
            home = nearest_home(value, sent, operation.home if operation.created else None)
            value = carry(value, home, sent, operation.fits)
        if "new_id" in self._lacks and operation.created:
            own = [part for part in self._resources if part.operation == operation.name]
            name = at(own[0].views[operation.name], operation.created) if own else NOTHING
            value = value if name is NOTHING else put(value, operation.created, name)
        value = relations.hold(operation.relations, value, sent, call.parameters, operation.fits)
        if "unfit" not in self._lacks:
            relations.check_echoes(operation.relations, value, sent)
        return value

    def _keep(self, call: Call, value: Any) -> None:
        name = call.operation.name
        made = Resource(name, call.tenant, call.parameters, {name: copied(value)})
        if call.operation.method == "PUT":  # it replaces what was there by the same key
            self._resources = [part for part in self._resources if part.made_by != made.made_by]
        self._resources.append(made)

    def _entity(self, resource: Resource) -> Any:
        """Return something as its creator answered it, without what wraps it: ``/data``."""
        creator = self.operations[resource.operation]
        entity = at(resource.views[creator.name], creator.home)
        return {} if entity is NOTHING else entity

    def _filled(
        self, operation: Operation, value: Any, entity: Any, home: str | None = None
    ) -> Any:
        """Return an answer with the members of an entity, in the object that is most like it."""
        if isinstance(entity, dict) and "changes" not in self._lacks:
            home = nearest_home(value, entity) if home is None else home
            return carry(value, home, entity, operation.fits)
        return value

    def _read(self, call: Call, base: Resource | None) -> Any:
        """Return how an operation shows something, the same each time."""
        operation = call.operation
        views: dict[Any, Any] = self._constant if base is None else base.views
        key: Any = (operation.name, call.tenant) if base is None else operation.name
        if key not in views:
            value = operation.invented()
            for row in operation.of("reads_back") if base else []:
                part = at(base.views.get(row["by"]) if base else None, row["created"])
                if part is not NOTHING:
                    value = self._filled(operation, value, part, row["response"])
            if base is not None:
                value = self._filled(operation, value, self._entity(base))
            rows = operation.relations
            views[key] = relations.hold(rows, value, {}, call.parameters, operation.fits)
        # what is asked for may be another thing each time
        rows = [row for row in operation.of("filtered") if "items" not in row]
        return relations.hold(rows, views[key], {}, request.args, operation.fits)

    def _listing(self, operation: Operation) -> tuple[str, str] | None:
        """Return where a list has its items and what creates them; None for no list."""
        for row in operation.of("listed"):
            return row["items"], row["by"]
        for other in self.operations.values():
            if other.created and (other.method, other.path) == ("POST", operation.path):
                pointers = homes(operation.invented(), list)
                return next(((pointer, other.name) for pointer in pointers), None)
        return None

    def _list(self, call: Call, pointer: str, by: str) -> Any:
        """Return a page of what was created, as a list shows it."""
        operation, value = call.operation, self._read(call, None)
        template = at(value, f"{pointer}/0")
        created = [part for part in self._visible(call) if part.operation == by]
        listed = [part for part in created if self._belongs(part, call)]
        if "listed" in self._lacks:
            listed = listed[::2]
        items = [self._item(operation, pointer, template, part) for part in listed[::-1]]
        page, following = relations.asked(operation.relations, items, request.args, self._lacks)
        value = put(copied(value), pointer, page)
        value = relations.led_on(operation.of("paged"), value, following, operation.fits)
        counts = {row["count"] for row in operation.of("counts")}
        if pointer:
            home = pointer.rpartition("/")[0]
            counts |= {f"{home}/count", f"{home}/total"}
        for place in counts:
            if isinstance(at(value, place), int):
                value = put(value, place, len(items))
        return value

    def _belongs(self, resource: Resource, call: Call) -> bool:
        """Whether something is of the list that the parameters name."""
        for row in call.operation.of("listed"):
            if "where" in row:
                value = at(resource.views[row["by"]], row["where"])
                return str(value) == call.parameters[row["parameter"]]
        own = resource.parameters
        return all(own.get(name, value) == value for name, value in call.parameters.items())

    def _item(self, operation: Operation, pointer: str, template: Any, resource: Resource) -> Any:
        """Return how a list shows something, in the form of its `template`, the same each time."""
        key = f"{operation.name}/item"
        if key not in resource.views:
            entity = self._entity(resource)
            for row in operation.of("listed"):
                entity = at(resource.views[row["by"]], row["created"])
            whole = put(operation.invented(), pointer, [copied(template)])
            item = entity
            if isinstance(template, dict):
                place = f"{pointer}/0"
                item = at(self._filled(operation, whole, entity, place), place)
            resource.views[key] = item
        return resource.views[key]


def create_app(description: Json, lacks: frozenset[str] = frozenset()) -> Flask:
    """Make the application of a described API with a fresh state."""
    app = Flask("generic")
    server = Generic(description, lacks)
    for operation in server.operations.values():
        app.add_url_rule(
            operation.rule,
            operation.name,
            partial(server.respond, operation),
            methods=[operation.method],
            provide_automatic_options=False,
        )
    return app
