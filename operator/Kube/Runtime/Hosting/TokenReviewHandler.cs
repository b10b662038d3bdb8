using System.Security.Claims;
using System.Text.Encodings.Web;
using k8s.Models;
using Kube.Core;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kube.Runtime.Hosting;

/// <summary>
/// Who calls, by <c>Authorization: Bearer …</c>, as the API server says. Where that gives no answer nobody is let in,
/// and is told so.
/// </summary>
internal sealed class TokenReviewHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logs, UrlEncoder encoder,
    AccessReviews reviews)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logs, encoder)
{
    public const string SchemeName = "Bearer";

    /// <summary>Service accounts' tokens have some 1,500 letters; more than this is none.</summary>
    private const int MostLetters = 16 * 1024;

    private const string Start = SchemeName + " ";

    private const string NoToken =
        "send the header Authorization: Bearer TOKEN with the token of a service account that may get /metrics\n";

    private const string NoRight =
        "this account may not get /metrics: bind it a ClusterRole with nonResourceURLs: [/metrics], verbs: [get]\n";

    private const string NotAsked =
        "the API server could not be asked about the token: this process may lack the rights for TokenReview and "
            + "SubjectAccessReview\n";

    private static readonly object unanswered = new();

    /// <summary>The API server could not be asked about this call.</summary>
    public static void MarkUnanswered(HttpContext call) => call.Items[unanswered] = true;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var shown = Request.Headers.Authorization.ToString();
        if (!shown.StartsWith(Start, StringComparison.OrdinalIgnoreCase) || shown.Length > MostLetters
            || shown[Start.Length..].Trim() is not { Length: > 0 } token)
        {
            return AuthenticateResult.NoResult();
        }

        try
        {
            return await reviews.WhoseAsync(token, Context.RequestAborted) is { } user
                ? AuthenticateResult.Success(
                    new AuthenticationTicket(new ReviewedPrincipal(user, Scheme.Name), Scheme.Name))
                : AuthenticateResult.Fail("the API server does not know the token");
        }
        catch (KubeException)
        {
            MarkUnanswered(Context);
            return AuthenticateResult.Fail("the API server was not asked");
        }
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = SchemeName;
        return RefuseAsync(StatusCodes.Status401Unauthorized, NoToken);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        RefuseAsync(StatusCodes.Status403Forbidden, NoRight);

    private Task RefuseAsync(int status, string why)
    {
        var isUnanswered = Context.Items.ContainsKey(unanswered);
        Response.StatusCode = isUnanswered ? StatusCodes.Status503ServiceUnavailable : status;
        Response.ContentType = "text/plain; charset=utf-8";
        return Response.WriteAsync(isUnanswered ? NotAsked : why, Context.RequestAborted);
    }
}

/// <summary>Somebody that the API server knows.</summary>
internal sealed class ReviewedPrincipal(V1UserInfo user, string scheme)
    : ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, user.Username)], scheme))
{
    public V1UserInfo User => user;
}

/// <summary>He may do this with the path that is asked for.</summary>
internal sealed class AccessReviewed : IAuthorizationRequirement;

/// <summary>Asks the API server whether whoever calls may, by a SubjectAccessReview for the path.</summary>
internal sealed class AccessReviewHandler(AccessReviews reviews) : AuthorizationHandler<AccessReviewed>
{
    protected override async Task HandleRequirementAsync(
        AuthorizationHandlerContext context, AccessReviewed requirement)
    {
        if (context.User is not ReviewedPrincipal caller || context.Resource is not HttpContext call)
        {
            return;
        }

        try
        {
            if (await reviews.MayAsync(caller.User, "get", MetricsServer.Path, call.RequestAborted))
            {
                context.Succeed(requirement);
            }
        }
        catch (KubeException)
        {
            TokenReviewHandler.MarkUnanswered(call);
        }
    }
}
