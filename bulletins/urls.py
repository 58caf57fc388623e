"""Addresses of the bulletins beside their pages, all below the language prefix."""

from django.urls import path

urlpatterns: list[path] = []
