package dev.fanfare.examples;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Enables a test where Chromium and its driver are installed, or where it must not be skipped. */
final class ChromiumInstalled implements ExecutionCondition {

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        boolean installed = ChromiumBrowser.chromium().isPresent()
                && ChromiumBrowser.driver().isPresent();
        boolean required = "true".equals(System.getenv("FANFARE_REQUIRE_CHROMIUM"));
        if (installed || required) {
            return ConditionEvaluationResult.enabled("Chromium is installed, or required");
        }
        return ConditionEvaluationResult.disabled("chromium and chromedriver are not installed");
    }
}
