using System.Globalization;
using System.Text.Json.Nodes;

namespace LocalCloud.Azure.Entra;

/// <summary>The instance metadata endpoint, which hands out tokens of managed
/// identities without a credential.</summary>
internal sealed class ImdsApi(EntraDirectory directory, EntraApi entra, TimeProvider clock) : AzureService("imds")
{
    public override Func<Task> Route(AzureCall call)
    {
        call.Operation = call.Path == "/metadata/identity/oauth2/token" ? "Token" : "Unknown";
        return () => Token(call);
    }

    public override void Admit(AzureCall call)
    {
        if (call.Operation == "Token"
            && !string.Equals(call.Header("Metadata"), "true", StringComparison.OrdinalIgnoreCase))
        {
            throw new AzureProblem(400, "bad_request_102", "Required metadata header not specified");
        }
    }

    public override AzureProblem Throttled(int retryAfterSeconds) => new(429, "too_many_requests", "Too many requests");

    public override AzureProblem Denied(AzureCall call) => new(400, "invalid_request", "Identity not found");

    public override Task SendProblemAsync(AzureCall call, AzureProblem problem) =>
        call.SendJsonAsync(problem.Status,
            new JsonObject { ["error"] = problem.Code, ["error_description"] = problem.Message });

    private Task Token(AzureCall call)
    {
        var resource = call.Query["resource"]
            ?? throw new AzureProblem(400, "invalid_request", "The resource parameter is missing");
        var app = Identity(call) ?? throw Denied(call);
        var (token, expires) = entra.Issue(app, app.HomeTenant, TokenScope.AudienceOf(resource, app.HomeTenant));
        var now = clock.GetUtcNow();
        return call.SendJsonAsync(200, new JsonObject
        {
            ["access_token"] = token,
            ["client_id"] = app.ClientId,
            ["expires_in"] = ((long)(expires - now).TotalSeconds).ToString(CultureInfo.InvariantCulture),
            ["expires_on"] = expires.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            ["not_before"] = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            ["resource"] = resource,
            ["token_type"] = "Bearer",
        });
    }

    private EntraApp? Identity(AzureCall call)
    {
        if (call.Query["client_id"] is { } clientId)
        {
            return directory.FindApp(clientId) is { IdentityResourceId: not null } app ? app : null;
        }

        var resourceId = call.Query["msi_res_id"] ?? call.Query["mi_res_id"];
        return resourceId is not null ? directory.FindIdentity(resourceId)
            : directory.Identities.ToArray() is [var only] ? only : null;
    }
}
