// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {IEmissionReserve} from "../interfaces/IEmissionReserve.sol";

/// @notice Rules, limits and warnings: {IEmissionReserve}.
contract EmissionReserve is IEmissionReserve {
    using Checkpoints for Checkpoints.Trace208;
    using SafeERC20 for IERC20;
    using SafeCast for uint256;

    IERC20 private immutable TOKEN;
    address private immutable EMISSIONS;

    // slot 0
    uint48 private _since;
    uint208 private _remaining;
    /// @dev What was left before `_since`, so that a look at the recent past reads one slot.
    Checkpoints.Trace208 private _earlier;

    constructor(IERC20 token, address emissions, uint256 allotted) {
        TOKEN = token;
        EMISSIONS = emissions;
        _since = block.timestamp.toUint48();
        _remaining = allotted.toUint208();
    }

    /// @inheritdoc IEmissionReserve
    function emitTo(address to, uint256 amount) external {
        require(msg.sender == EMISSIONS, EmissionReserve_Caller(msg.sender, EMISSIONS));
        (uint48 since, uint208 available) = (_since, _remaining);
        require(amount <= available, EmissionReserve_Insufficient(available, amount));
        uint48 time = block.timestamp.toUint48();
        if (since != time) _earlier.push(since, available);
        _since = time;
        _remaining = available - amount.toUint208();
        emit Emitted(to, amount);
        TOKEN.safeTransfer(to, amount);
    }

    /// @inheritdoc IEmissionReserve
    function remaining() external view returns (uint256) {
        return _remaining;
    }

    /// @inheritdoc IEmissionReserve
    function pastRemaining(uint256 timepoint) external view returns (uint256) {
        (uint48 since, uint208 left) = (_since, _remaining);
        return timepoint >= since ? left : _earlier.upperLookupRecent(timepoint.toUint48());
    }
}
