using Microsoft.AspNetCore.Http;

namespace LocalCloud.Faults;

/// <summary>The same for every cloud: how an operation goes whose answer a fault takes away.</summary>
internal static class Aftermath
{
    public static async Task RunAsync(HttpResponse response, FaultEffect? effect, Func<Task> operation)
    {
        if (effect is not FaultEffect.LoseAnswer)
        {
            await operation();
            return;
        }

        response.Body = Stream.Null;
        await operation();
        throw new DroppedException();
    }
}
