// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IEmissionReserve} from "../interfaces/IEmissionReserve.sol";
import {IEmissions} from "../interfaces/IEmissions.sol";
import {IParameters} from "../interfaces/IParameters.sol";

/// @notice Days and their budgets: what each asks for, and what of the reserve is promised.
abstract contract EmissionDays is IEmissions {
    using SafeCast for uint256;

    /// @dev One milli-MIEL in wei.
    uint256 private constant UNIT = 1e15;

    IEmissionReserve internal immutable RESERVE;
    IParameters internal immutable PARAMETERS;

    /// @inheritdoc IEmissions
    uint256 public promised;
    mapping(uint256 day => Day) private _days;

    constructor(IEmissionReserve reserve, IParameters parameters) {
        (RESERVE, PARAMETERS) = (reserve, parameters);
    }

    /// @inheritdoc IEmissions
    function dayOf(uint256 number) external view returns (Day memory) {
        return _days[number];
    }

    function _today() internal view returns (uint32) {
        return (block.timestamp / 1 days).toUint32();
    }

    /// @dev Adds to what today asks for; the first to do so fixes today's budget.
    function _ask(uint256 number, uint256 amount) internal {
        Day memory today = _days[number];
        if (!today.begun) {
            uint256 most = PARAMETERS.emissionRules(PARAMETERS.epoch()).budget * UNIT;
            today = Day(0, Math.min(most, RESERVE.remaining() - promised).toUint96(), true);
        }
        uint256 before = Math.min(today.asked, today.budget);
        today.asked = (today.asked + amount).toUint96();
        _days[number] = today;
        promised += Math.min(today.asked, today.budget) - before;
    }

    /// @dev What of an amount asked for on a day is drawn.
    function _drawn(uint256 number, uint256 asks) internal view returns (uint256) {
        Day memory of_ = _days[number];
        return of_.asked <= of_.budget ? asks : (asks * of_.budget) / of_.asked;
    }

    /// @dev Pays out of what is promised.
    function _emit(address to, uint256 amount) internal {
        if (amount == 0) return;
        promised -= amount;
        RESERVE.emitTo(to, amount);
    }

    /// @dev What was promised and has no recipient stays in the reserve.
    function _keep(uint256 amount) internal {
        promised -= amount;
    }
}
