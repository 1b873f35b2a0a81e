package io.ordersync.helm;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What Helm makes of the chart.
 *
 * @param documents in Helm's order
 */
public record Rendered(List<JsonNode> documents) {

    /** None, if the values ask for none. */
    Stream<JsonNode> all(String kind) {
        return documents.stream()
                .filter(document -> document.at("/kind").asText().equals(kind));
    }

    /** @throws IllegalStateException when there is not exactly one */
    JsonNode only(String kind) {
        List<JsonNode> found = all(kind).toList();
        if (found.size() != 1) {
            throw new IllegalStateException(found.size() + " of " + kind);
        }
        return found.getFirst();
    }

    JsonNode workload() {
        return Stream.concat(all("Deployment"), all("StatefulSet")).findFirst().orElseThrow();
    }

    /** The service's, as metadata and spec. */
    JsonNode pod() {
        return workload().at("/spec/template");
    }

    JsonNode container() {
        return pod().at("/spec/containers/0");
    }

    /** The service's and the test's. */
    List<JsonNode> podSpecs() {
        return Stream.concat(
                        Stream.of(workload().at("/spec/template/spec")),
                        all("Pod").map(pod -> pod.at("/spec")))
                .toList();
    }

    /** The files of the service's configuration, by their paths in the container. */
    public Map<String, String> configuration() {
        String directory = mountPath("config");
        Map<String, String> files = new TreeMap<>();
        all("ConfigMap")
                .filter(map -> map.at("/metadata/name").equals(volume("config").at("/configMap/name")))
                .flatMap(map -> map.at("/data").properties().stream())
                .forEach(file -> files.put(
                        directory + "/" + file.getKey(), file.getValue().asText()));
        return files;
    }

    /** The container's variables; what is of the pod by its name there. */
    public Map<String, String> environment() {
        Map<String, String> environment = new TreeMap<>();
        items(container().at("/env"))
                .forEach(variable -> environment.put(
                        variable.at("/name").asText(),
                        variable.has("value")
                                ? variable.at("/value").asText()
                                : variable.at("/valueFrom/fieldRef/fieldPath").asText()));
        return environment;
    }

    /** The files of secrets that are named one by one, by their paths in the container. */
    public List<String> secretFiles() {
        List<String> files = new ArrayList<>();
        items(pod().at("/spec/volumes"))
                .filter(volume -> volume.has("secret"))
                .forEach(volume -> items(volume.at("/secret/items"))
                        .forEach(item -> files.add(mountPath(volume.at("/name").asText()) + "/"
                                + item.at("/path").asText())));
        return files;
    }

    /** Is the state on a volume of its own? */
    public boolean isStatefulSet() {
        return workload().at("/kind").asText().equals("StatefulSet");
    }

    /** What the state is kept below, in the container; it is not the service's own. */
    public String stateVolume() {
        return mountPath("state");
    }

    /** Of HTTP, in the container. */
    public int port() {
        return container().at("/ports/0/containerPort").asInt();
    }

    /** The paths that the kubelet asks, by the kind of probe. */
    public Map<String, String> probes() {
        Map<String, String> probes = new TreeMap<>();
        container().properties().forEach(field -> {
            if (field.getKey().endsWith("Probe")) {
                probes.put(field.getKey(), field.getValue().at("/httpGet/path").asText());
            }
        });
        return probes;
    }

    /** From the demand to stop until the kill. */
    public Duration gracePeriod() {
        return Duration.ofSeconds(
                pod().at("/spec/terminationGracePeriodSeconds").asInt());
    }

    String mountPath(String volume) {
        return items(container().at("/volumeMounts"))
                .filter(mount -> mount.at("/name").asText().equals(volume))
                .map(mount -> mount.at("/mountPath").asText())
                .findFirst()
                .orElseThrow();
    }

    JsonNode volume(String name) {
        return items(pod().at("/spec/volumes"))
                .filter(volume -> volume.at("/name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    static Stream<JsonNode> items(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }
}
