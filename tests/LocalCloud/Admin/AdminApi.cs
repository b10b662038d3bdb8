using Microsoft.AspNetCore.Http;

namespace LocalCloud.Admin;

/// <summary>The admin object for other processes.</summary>
internal sealed class AdminApi(LocalCloudAdmin admin)
{
    public async Task HandleAsync(HttpContext http)
    {
        http.Response.StatusCode = 404;
        await http.Response.WriteAsync(admin.Now.ToString("O"), http.RequestAborted);
    }
}
