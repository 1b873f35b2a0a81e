package io.ordersync.wire;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.util.ClassSecurityValidator;
import org.apache.avro.util.ClassSecurityValidator.ClassSecurityPredicate;
import org.jspecify.annotations.Nullable;

/** The packages of generated classes of which Avro may make objects. Avro 1.12.2 trusts none, not even its own. */
public final class TrustedClasses {

    private static final Set<String> PACKAGES = ConcurrentHashMap.newKeySet();
    private static @Nullable ClassSecurityPredicate installed;

    private TrustedClasses() {}

    /**
     * Trusts the package of a generated class, and the packages of the classes its records hold, in this JVM. The
     * deserializer does so for the classes it is configured with; whoever builds records calls it before the first one.
     */
    public static void trust(Class<? extends SpecificRecord> type) {
        PACKAGES.add(type.getPackageName());
        addPackages(SpecificData.getForClass(type).getSchema(type), Collections.newSetFromMap(new IdentityHashMap<>()));
        install();
    }

    /** Again, if another library has put its own in the place of ours. */
    private static synchronized void install() {
        ClassSecurityPredicate others = ClassSecurityValidator.getGlobal();
        if (!others.equals(installed)) {
            installed = ClassSecurityValidator.composite(others, type -> PACKAGES.contains(type.getPackageName()));
            ClassSecurityValidator.setGlobal(installed);
        }
    }

    private static void addPackages(Schema schema, Set<Schema> seen) {
        if (!seen.add(schema)) {
            return;
        }
        switch (schema.getType()) {
            case RECORD -> {
                addPackage(schema);
                schema.getFields().forEach(field -> addPackages(field.schema(), seen));
            }
            case ENUM, FIXED -> addPackage(schema);
            case ARRAY -> addPackages(schema.getElementType(), seen);
            case MAP -> addPackages(schema.getValueType(), seen);
            case UNION -> schema.getTypes().forEach(branch -> addPackages(branch, seen));
            default -> {}
        }
    }

    private static void addPackage(Schema named) {
        if (named.getNamespace() != null) {
            PACKAGES.add(named.getNamespace());
        }
    }
}
