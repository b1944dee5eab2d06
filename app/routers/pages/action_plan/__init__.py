"""The pages of the 30-60-90-day plan (F2): board, list, line, mine, one action, and the review."""

from fastapi import APIRouter

from app.routers.add_routes import add_routes
from app.routers.pages.action_plan import bulk, one, review, views

router = APIRouter(include_in_schema=False)
add_routes(router, views.router, bulk.router, review.router, one.router)
