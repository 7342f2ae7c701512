// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IBootstrapGrants} from "../interfaces/IBootstrapGrants.sol";
import {IStakeManager} from "../interfaces/IStakeManager.sol";

/// @notice Rules, limits and warnings: {IBootstrapGrants}.
contract BootstrapGrants is IBootstrapGrants {
    using SafeERC20 for IERC20;

    uint256 private constant LEAST = 1e15;
    /// @inheritdoc IBootstrapGrants
    uint256 public constant most = 50_000e18;
    uint256 private constant OPEN = 90 days;
    uint256 private constant UNLOCK = 730 days;
    uint256 private constant PROGRAMME = 1_461 days;

    IERC20 private immutable TOKEN;
    IStakeManager private immutable STAKE;
    address private immutable TIMELOCK;
    /// @inheritdoc IBootstrapGrants
    uint256 public available;
    /// @inheritdoc IBootstrapGrants
    uint256 public closes;
    mapping(address account => Grant) private _grants;

    constructor(IERC20 token, IStakeManager stake, address timelock, uint256 allotted) {
        (TOKEN, STAKE, TIMELOCK) = (token, stake, timelock);
        closes = block.timestamp + PROGRAMME;
        available = allotted;
    }

    /// @inheritdoc IBootstrapGrants
    function offer(address grantee, uint256 amount) external {
        require(msg.sender == TIMELOCK, BootstrapGrants_Caller(msg.sender, TIMELOCK));
        require(amount >= LEAST && amount <= most, BootstrapGrants_Amount(amount, most));
        require(amount <= available, BootstrapGrants_Insufficient(available, amount));
        Grant storage grant = _grants[grantee];
        require(grant.until == 0, BootstrapGrants_Had(grantee));
        available -= amount;
        uint256 until = block.timestamp + OPEN;
        (grant.amount, grant.until) = (uint96(amount), uint40(until));
        emit Offered(grantee, amount, until);
    }

    /// @inheritdoc IBootstrapGrants
    function take() external {
        Grant storage grant = _grants[msg.sender];
        (uint256 amount, uint256 until) = (grant.amount, grant.until);
        require(amount != 0 && grant.since == 0 && block.timestamp <= until, BootstrapGrants_NoOffer(msg.sender));
        grant.since = uint40(block.timestamp);
        emit Taken(msg.sender, amount);
        TOKEN.forceApprove(address(STAKE), amount);
        STAKE.stakeFor(msg.sender, amount);
    }

    /// @inheritdoc IBootstrapGrants
    function lapse(address grantee) external {
        Grant storage grant = _grants[grantee];
        uint256 amount = grant.amount;
        require(amount != 0 && grant.since == 0, BootstrapGrants_NoOffer(grantee));
        require(block.timestamp > grant.until, BootstrapGrants_TooSoon(grant.until));
        grant.amount = 0;
        emit Returned(grantee, amount);
        TOKEN.safeTransfer(TIMELOCK, amount);
    }

    /// @inheritdoc IBootstrapGrants
    function close() external {
        require(block.timestamp > closes, BootstrapGrants_TooSoon(closes));
        uint256 amount = available;
        require(amount != 0, BootstrapGrants_Insufficient(0, 1));
        available = 0;
        emit Returned(address(0), amount);
        TOKEN.safeTransfer(TIMELOCK, amount);
    }

    /// @inheritdoc IBootstrapGrants
    function bound(address account) external view returns (uint256) {
        Grant memory grant = _grants[account];
        if (grant.since == 0) return 0;
        uint256 passed = block.timestamp - grant.since;
        return passed >= UNLOCK ? 0 : grant.amount - (grant.amount * passed) / UNLOCK;
    }

    /// @inheritdoc IBootstrapGrants
    function grantOf(address account) external view returns (Grant memory) {
        return _grants[account];
    }
}
