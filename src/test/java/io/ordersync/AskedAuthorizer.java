package io.ordersync;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.metadata.authorizer.StandardAuthorizer;
import org.apache.kafka.server.authorizer.Action;
import org.apache.kafka.server.authorizer.AuthorizableRequestContext;
import org.apache.kafka.server.authorizer.AuthorizationResult;

/** Kafka's own, which keeps what was asked of it and allowed. The broker makes it, and the controller another one. */
public final class AskedAuthorizer extends StandardAuthorizer {

    /** What somebody did, and was allowed to. */
    record Asked(String principal, AclOperation operation, ResourcePattern resource) {}

    private static final Set<Asked> ASKED = ConcurrentHashMap.newKeySet();

    static Set<Asked> asked() {
        return Set.copyOf(ASKED);
    }

    @Override
    public List<AuthorizationResult> authorize(AuthorizableRequestContext context, List<Action> actions) {
        List<AuthorizationResult> results = super.authorize(context, actions);
        IntStream.range(0, actions.size())
                .filter(i -> results.get(i) == AuthorizationResult.ALLOWED)
                .mapToObj(actions::get)
                // Else somebody only asked what he might do.
                .filter(Action::logIfAllowed)
                .forEach(action -> ASKED.add(
                        new Asked(context.principal().toString(), action.operation(), action.resourcePattern())));
        return results;
    }
}
