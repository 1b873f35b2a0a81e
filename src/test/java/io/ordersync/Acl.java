package io.ordersync;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * One right of docs/security.md.
 *
 * @param name as it stands there, with the contract's name or with the application id's place
 */
public record Acl(ResourceType type, String name, PatternType pattern, AclOperation operation) {

    /** Where the name has the application id. */
    public static final String APPLICATION_ID = "<application-id>";

    static final Path DOCUMENT = Path.of("docs/security.md");

    /** The service's, one for each operation. */
    public static List<Acl> documented() {
        return ofSection("What order-sync may do");
    }

    /** Of whoever sends dead letters again. */
    static List<Acl> ofRedrive() {
        return ofSection("What the redrive may do");
    }

    private static List<Acl> ofSection(String title) {
        try {
            String document = Files.readString(DOCUMENT);
            String section = document.substring(document.indexOf("\n## " + title + '\n') + 1);
            return section.lines()
                    .skip(1)
                    .takeWhile(line -> !line.startsWith("## "))
                    .map(line -> line.split("\\s*\\|\\s*", -1))
                    .filter(cells -> cells.length == 8 && cells[3].matches("literal|prefixed"))
                    .flatMap(cells -> Arrays.stream(cells[4].split(", ", -1))
                            .map(operation -> new Acl(
                                    type(cells[1]),
                                    cells[2].replace("`", ""),
                                    PatternType.valueOf(cells[3].toUpperCase(Locale.ROOT)),
                                    AclOperation.valueOf(operation))))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ResourceType type(String name) {
        return name.equals("transactionalId")
                ? ResourceType.TRANSACTIONAL_ID
                : ResourceType.valueOf(name.toUpperCase(Locale.ROOT));
    }

    /** Of the service's own topics, which are not there before its first start. */
    boolean isOfItsOwnTopic() {
        return type == ResourceType.TOPIC && name.startsWith(APPLICATION_ID);
    }

    /** As a service on these topics is to be given it. */
    AclBinding binding(ShopFloor shop, String principal) {
        return new AclBinding(
                new ResourcePattern(type, named(shop), pattern),
                new AccessControlEntry(principal, "*", operation, AclPermissionType.ALLOW));
    }

    /** As the service names it. */
    String said(ShopFloor shop) {
        String kind = type == ResourceType.TRANSACTIONAL_ID
                ? "transactionalId"
                : type.name().toLowerCase(Locale.ROOT);
        return operation + " " + kind + " " + named(shop) + (pattern == PatternType.PREFIXED ? "*" : "");
    }

    /** Did somebody make use of it? */
    boolean allowed(AskedAuthorizer.Asked asked, ShopFloor shop) {
        String resource = asked.resource().name();
        return asked.operation() == operation
                && asked.resource().resourceType() == type
                && (pattern == PatternType.PREFIXED ? resource.startsWith(named(shop)) : resource.equals(named(shop)));
    }

    private String named(ShopFloor shop) {
        return name.startsWith(APPLICATION_ID) ? name.replace(APPLICATION_ID, shop.applicationId()) : shop.named(name);
    }
}
