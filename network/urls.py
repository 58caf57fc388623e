"""Media addresses."""

from django.urls import path

from network import views

urlpatterns = [
    path("media/images/<int:image_id>/<int:pk>/", views.rendition, name="rendition"),
    path("media/documents/<int:pk>/<str:name>", views.document, name="document"),
]
