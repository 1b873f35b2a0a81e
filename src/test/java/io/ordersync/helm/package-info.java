/** The Helm chart: what it renders, held against the schemas of Kubernetes and its operators, and against the service. */
@NullMarked
package io.ordersync.helm;

import org.jspecify.annotations.NullMarked;
