namespace LocalCloud.Azure.Entra;

/// <summary>Entra's refusals by number. The OAuth error is the problem's code, the number leads its message.</summary>
internal static class EntraProblems
{
    public static AzureProblem Of(int number, string error, string text, int status = 400) =>
        new(status, error, $"AADSTS{number}: {text}") { Inner = $"AADSTS{number}" };

    public static AzureProblem TenantNotFound(string tenant) =>
        Of(90002, "invalid_request",
            $"Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the "
                + "correct cloud.");

    public static AzureProblem AppNotFound(string app, string tenant) => Of(700016, "unauthorized_client",
        $"Application with identifier '{app}' was not found in the directory '{tenant}'. This can happen if the "
            + "application has not been installed by the administrator of the tenant or consented to by any user in "
            + "the tenant.");

    public static AzureProblem NotInstalled(string app, string tenant) =>
        Of(7000229, "invalid_client",
            $"The client application {app} is missing service principal in the tenant {tenant}.", 401);

    public static AzureProblem ResourceNotFound(string resource, string tenant) =>
        Of(500011, "invalid_resource",
            $"The resource principal named {resource} was not found in the tenant named {tenant}.");

    public static AzureProblem BadScope(string scope) =>
        Of(1002012, "invalid_scope",
            $"The provided value for scope {scope} is not valid. Client credential flows must have a scope value with "
                + "/.default suffixed to the resource identifier (application ID URI).");

    public static AzureProblem MissingParameter(string name) =>
        Of(900144, "invalid_request", $"The request body must contain the following parameter: '{name}'.");

    public static AzureProblem BadGrant(string grant) =>
        Of(70003, "unsupported_grant_type", $"The app requested an unsupported grant type '{grant}'.");

    public static AzureProblem WrongSecret(string app) =>
        Of(7000215, "invalid_client",
            $"Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, "
                + $"not the client secret ID, for a secret added to app '{app}'.", 401);

    public static AzureProblem ExpiredSecret(string app) =>
        Of(7000222, "invalid_client", $"The provided client secret keys for app '{app}' are expired.", 401);

    public static AzureProblem NoCredential() =>
        Of(7000218, "invalid_client",
            "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.", 401);

    public static AzureProblem BadAssertion() => Of(50027, "invalid_request", "JWT token is invalid or malformed.");

    public static AzureProblem BadSignature() =>
        Of(700027, "invalid_client",
            "The certificate with identifier used to sign the client assertion is not registered on application, or "
                + "the assertion's signature is invalid.", 401);

    public static AzureProblem AssertionTime() =>
        Of(700024, "invalid_client", "Client assertion is not within its valid time range.", 401);

    public static AzureProblem NoIssuer(string? issuer) =>
        Of(700211, "invalid_client",
            $"No matching federated identity record found for presented assertion issuer '{issuer}'.", 401);

    public static AzureProblem NoAudience(string audience) =>
        Of(700212, "invalid_client",
            $"No matching federated identity record found for presented assertion audience '{audience}'.", 401);

    public static AzureProblem NoSubject(string? subject) =>
        Of(700213, "invalid_client",
            $"No matching federated identity record found for presented assertion subject '{subject}'.", 401);
}
