using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Byok.Import.Serving;

/// <summary>The two calls as HTTP: bodies in, answers out.</summary>
internal sealed class ImportEndpoints(ImportCalls calls)
{
    public void MapTo(IEndpointRouteBuilder routes)
    {
        foreach (var path in ImportServer.RequestPaths)
        {
            routes.MapPut(path, RequestAsync).RequireAuthorization(OwnPath.Policy);
        }

        foreach (var path in ImportServer.UploadPaths)
        {
            routes.MapPost(path, UploadAsync).RequireAuthorization(OwnPath.Policy);
        }

        routes.MapGet(ImportServer.DescriptionPath, OpenApi.ServeAsync);
    }

    /// <summary>A body means nothing here: curl sends an empty form, other clients none at all.</summary>
    private async Task RequestAsync(HttpContext context) =>
        await AnswerAsync(context, await calls.RequestAsync(AuditRecord.Of(context), context.RequestAborted));

    private async Task UploadAsync(HttpContext context)
    {
        var (body, problem) = await ReadAsync(context);
        await AnswerAsync(context, body is null ? new Reply.Refused(problem!)
            : await calls.UploadAsync(AuditRecord.Of(context), body, context.RequestAborted));
    }

    private static async Task<(UploadBody? Body, ImportProblem? Problem)> ReadAsync(HttpContext context)
    {
        if (!context.Request.HasJsonContentType())
        {
            return (null, ImportProblem.MediaTypeWrong);
        }

        var buffer = new byte[UploadBody.MostBytes + 1];
        var length = await context.Request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false,
            context.RequestAborted);
        return length > UploadBody.MostBytes ? (null, ImportProblem.BodyTooLarge)
            : UploadBody.Read(buffer.AsSpan(0, length));
    }

    private static Task AnswerAsync(HttpContext context, Reply reply)
    {
        context.Response.Headers.CacheControl = "no-store";
        return reply switch
        {
            Reply.Handed handed =>
                context.Response.WriteAsJsonAsync(handed.Answer, ServingJson.Default.RequestAnswer,
                    cancellationToken: context.RequestAborted),
            Reply.Taken taken =>
                context.Response.WriteAsJsonAsync(taken.Answer, ServingJson.Default.UploadAnswer,
                    cancellationToken: context.RequestAborted),
            Reply.Refused refused => ProblemWriter.RefuseAsync(context, refused.Problem),
            _ => throw new UnreachableException(reply.GetType().Name),
        };
    }
}
