using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Byok.Import.Serving;

/// <summary>Who calls, by <c>Authorization: ApiKey …</c>; looked up only where the endpoint wants to know.</summary>
internal sealed class ApiKeyAuthenticationHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logs, UrlEncoder encoder, ApiKeys keys,
    VerifiedKeys verified)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logs, encoder)
{
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Context.GetEndpoint()?.Metadata.GetMetadata<AuthorizationPolicy>() is null
            || ApiKey.FromHeader(Request.Headers.Authorization.ToString()) is not { } shown)
        {
            return AuthenticateResult.NoResult();
        }

        if (await keys.FindAsync(shown, Context.RequestAborted) is not { } record)
        {
            verified.Forget(shown);
            return AuthenticateResult.Fail("no such API key");
        }

        verified.Add(shown);
        AuditRecord.Of(Context).Caller = record;
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, record.Id)], Scheme.Name);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) =>
        ProblemWriter.RefuseAsync(Context, ImportProblem.Unauthorized);

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        ProblemWriter.RefuseAsync(Context, ImportProblem.Forbidden);
}
