using Kube.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Byok.Import.Serving;

/// <summary>Around every call: one line that tells of it, whatever becomes of it,
/// and an answer to what nothing inside could answer.</summary>
internal sealed partial class AuditLog(TimeProvider time, ILogger<AuditLog> logger)
{
    /// <summary>As proxies log it.</summary>
    private const int CallerLeft = 499;

    /// <summary>After routing, before all else.</summary>
    public async Task RecordAsync(HttpContext context, RequestDelegate next)
    {
        var record = new AuditRecord
        {
            Method = KnownMethod(context.Request.Method),
            Route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "none",
            Remote = context.Connection.RemoteIpAddress?.ToString() ?? "",
        };
        context.Features.Set(record);
        var began = time.GetTimestamp();
        try
        {
            await ServeAsync(context, record, next);
        }
        finally
        {
            record.Status = context.RequestAborted.IsCancellationRequested ? CallerLeft : context.Response.StatusCode;
            var took = time.GetElapsedTime(began);
            ImportMetrics.Answered(record, took);
            LogCall(record, (long)took.TotalMilliseconds);
        }
    }

    private async Task ServeAsync(HttpContext context, AuditRecord record, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (BadHttpRequestException broken)
        {
            await ProblemWriter.RefuseAsync(context, broken.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? ImportProblem.BodyTooLarge : ImportProblem.BodyNotJson);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller is gone: nobody to tell.
        }
        catch (Exception failed) when (failed is KubeException or OperationCanceledException)
        {
            LogUnavailable(record.Id, failed.Message);
            await ProblemWriter.RefuseAsync(context, ImportProblem.Unavailable);
        }
        catch (Exception bug)
        {
            LogBug(record.Id, bug);
            await ProblemWriter.RefuseAsync(context, ImportProblem.Broken);
        }
    }

    private static string KnownMethod(string method) =>
        method is "GET" or "PUT" or "POST" or "HEAD" or "DELETE" or "PATCH" or "OPTIONS" ? method : "OTHER";
}
