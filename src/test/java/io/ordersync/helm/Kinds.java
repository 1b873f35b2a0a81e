package io.ordersync.helm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import io.strimzi.api.kafka.model.user.KafkaUser;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the kinds that the chart makes. Two independent views of Kubernetes' own: fabric8's classes know the type
 * of each field, and those made of Kubernetes' OpenAPI schema which must be there. Neither lets a field pass that does not
 * exist, at any depth.
 */
final class Kinds {

    private record Kind(Class<?> type, @Nullable Schema schema) {}

    /** Refuses fields that are unknown, or missing. */
    private interface Schema {

        void check(JsonElement document) throws IOException;
    }

    private static final Map<String, Kind> KINDS = Map.ofEntries(
            Map.entry("v1 ConfigMap", new Kind(ConfigMap.class, V1ConfigMap::validateJsonElement)),
            Map.entry("v1 Pod", new Kind(Pod.class, V1Pod::validateJsonElement)),
            Map.entry("v1 Service", new Kind(Service.class, V1Service::validateJsonElement)),
            Map.entry("v1 ServiceAccount", new Kind(ServiceAccount.class, V1ServiceAccount::validateJsonElement)),
            Map.entry("apps/v1 Deployment", new Kind(Deployment.class, V1Deployment::validateJsonElement)),
            Map.entry("apps/v1 StatefulSet", new Kind(StatefulSet.class, V1StatefulSet::validateJsonElement)),
            Map.entry(
                    "policy/v1 PodDisruptionBudget",
                    new Kind(PodDisruptionBudget.class, V1PodDisruptionBudget::validateJsonElement)),
            Map.entry(
                    "networking.k8s.io/v1 NetworkPolicy",
                    new Kind(NetworkPolicy.class, V1NetworkPolicy::validateJsonElement)),
            Map.entry(
                    "autoscaling/v2 HorizontalPodAutoscaler",
                    new Kind(HorizontalPodAutoscaler.class, V2HorizontalPodAutoscaler::validateJsonElement)),
            Map.entry("keda.sh/v1alpha1 ScaledObject", new Kind(ScaledObject.class, null)),
            Map.entry("monitoring.coreos.com/v1 ServiceMonitor", new Kind(ServiceMonitor.class, null)),
            Map.entry("monitoring.coreos.com/v1 PrometheusRule", new Kind(PrometheusRule.class, null)),
            Map.entry("kafka.strimzi.io/v1 KafkaTopic", new Kind(KafkaTopic.class, null)),
            Map.entry("kafka.strimzi.io/v1 KafkaUser", new Kind(KafkaUser.class, null)),
            Map.entry("kafka.strimzi.io/v1beta2 KafkaUser", new Kind(KafkaUser.class, null)));

    private static final JsonMapper STRICT = strict();

    private Kinds() {}

    /** @throws IllegalArgumentException when it is not what its kind allows; the message names the field */
    static void check(JsonNode document) {
        String name =
                document.at("/apiVersion").asText() + " " + document.at("/kind").asText();
        Kind kind = KINDS.get(name);
        if (kind == null) {
            throw new IllegalArgumentException("nothing is known of " + name);
        }
        try {
            Objects.requireNonNull(STRICT.treeToValue(document, kind.type()));
            if (kind.schema() != null) {
                kind.schema().check(JsonParser.parseString(document.toString()));
            }
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new IllegalArgumentException(name, e);
        }
    }

    /** Fields that fabric8's and Strimzi's classes don't know would be kept by them, and numbers taken for texts. */
    private static JsonMapper strict() {
        JsonMapper mapper = JsonMapper.builder()
                .annotationIntrospector(new JacksonAnnotationIntrospector() {
                    @Override
                    public Boolean hasAnySetter(Annotated annotated) {
                        return false;
                    }
                })
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .build();
        for (CoercionInputShape shape : new CoercionInputShape[] {
            CoercionInputShape.Integer, CoercionInputShape.Float, CoercionInputShape.Boolean
        }) {
            mapper.coercionConfigFor(LogicalType.Textual).setCoercion(shape, CoercionAction.Fail);
        }
        return mapper;
    }
}
