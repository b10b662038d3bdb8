using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Byok.Import.Serving;

/// <summary>An API key is for one key's paths. A path names either an enterprise or a namespace and a key.</summary>
internal sealed class OwnPath : AuthorizationHandler<OwnPath>, IAuthorizationRequirement
{
    public static readonly AuthorizationPolicy Policy =
        new AuthorizationPolicyBuilder(ApiKey.Scheme).RequireAuthenticatedUser().AddRequirements(new OwnPath()).Build();

    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, OwnPath requirement)
    {
        if (context.Resource is HttpContext call && AuditRecord.Of(call).Caller is { } caller
            && IsFor(call.Request.RouteValues, caller))
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }

    private static bool IsFor(RouteValueDictionary path, ApiKeyRecord record) =>
        path.TryGetValue("eid", out var enterprise)
            ? enterprise as string == record.Enterprise
            : path["ns"] as string == record.Key.Namespace && path["name"] as string == record.Key.Name;
}
