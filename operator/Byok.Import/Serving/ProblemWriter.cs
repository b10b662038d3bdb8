using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Byok.Import.Serving;

/// <summary>Answers that say no, in RFC 9457's form, whatever media types a caller says it takes.</summary>
internal sealed class ProblemWriter : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => true;

    public ValueTask WriteAsync(ProblemDetailsContext context) => new(context.HttpContext.Response.WriteAsJsonAsync(
        context.ProblemDetails, ServingJson.Default.ProblemDetails, "application/problem+json",
        context.HttpContext.RequestAborted));

    /// <summary>Nothing where an answer is under way already.</summary>
    public static async Task RefuseAsync(HttpContext context, ImportProblem problem)
    {
        var record = AuditRecord.Of(context);
        record.Problem = problem;
        if (context.Response.HasStarted)
        {
            return;
        }

        context.Response.StatusCode = problem.Status;
        context.Response.Headers.CacheControl = "no-store";
        if (problem.RetryAfter is { } wait)
        {
            context.Response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds))
                .ToString(CultureInfo.InvariantCulture);
        }

        if (problem.Status == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = $"{ApiKey.Scheme} realm=\"import\"";
        }

        await context.RequestServices.GetRequiredService<IProblemDetailsService>()
            .WriteAsync(
                new ProblemDetailsContext { HttpContext = context, ProblemDetails = problem.ToDetails(record.Id) });
    }
}
