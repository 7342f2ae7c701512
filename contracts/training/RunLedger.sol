// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IMielToken} from "../interfaces/IMielToken.sol";
import {IRunEscrow} from "../interfaces/IRunEscrow.sol";
import {IStakeManager} from "../interfaces/IStakeManager.sol";
import {FeeBurn} from "../market/FeeBurn.sol";

/// @notice The escrow's debts besides runs, and the MIEL that rejected trainers lost to them.
abstract contract RunLedger is IRunEscrow, FeeBurn, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    /// @dev In wei: taken out of the stake manager and not paid on; promised to runs and not paid.
    struct Miel {
        // slot 0
        uint128 inHand;
        uint128 promised;
    }

    /// @dev One milli-MIEL in wei.
    uint256 internal constant UNIT = 1e15;
    /// @dev Where payment tokens go that nobody may gain: most cannot be burned.
    address internal constant BURN = 0x000000000000000000000000000000000000dEaD;

    IStakeManager internal immutable STAKE;

    /// @inheritdoc IRunEscrow
    mapping(address token => mapping(address account => uint256)) public owed;
    Miel private _miel;

    constructor(IStakeManager stake, IMielToken miel) FeeBurn(miel) {
        STAKE = stake;
    }

    /// @inheritdoc IRunEscrow
    function collect(address token, address account) external nonReentrant {
        uint256 amount = owed[token][account];
        require(amount != 0, RunEscrow_Nothing());
        delete owed[token][account];
        emit Collected(token, account, amount);
        IERC20(token).safeTransfer(account, amount);
    }

    function _credit(address token, address account, uint256 amount) internal {
        if (amount != 0) owed[token][account] += amount;
    }

    /// @dev Pays out, or keeps it as owed where the token will not move.
    function _send(address token, address to, uint256 amount) internal {
        if (amount != 0 && !IERC20(token).trySafeTransfer(to, amount)) _credit(token, to, amount);
    }

    /// @dev Takes exactly `amount` from the caller: a token that keeps a fee is refused.
    function _take(IERC20 token, uint256 amount) internal {
        uint256 before = token.balanceOf(address(this));
        token.safeTransferFrom(msg.sender, address(this), amount);
        uint256 received = token.balanceOf(address(this)) - before;
        require(received == amount, RunEscrow_TokenAmount(amount, received));
    }

    /// @dev A slash that compensated nobody leaves less than was asked for.
    function _promise(uint256 amount) internal returns (uint64 units) {
        Miel memory miel = _miel;
        uint256 free = (STAKE.credit(address(this)) + miel.inHand - miel.promised) / UNIT;
        units = uint64(free < amount ? free : amount);
        _miel.promised = miel.promised + uint128(units * UNIT);
    }

    /// @dev Pays promised MIEL, in wei.
    function _payMiel(address to, uint256 amount) internal {
        if (amount == 0) return;
        Miel memory miel = _miel;
        uint256 credit = miel.inHand < amount ? STAKE.credit(address(this)) : 0;
        _miel = Miel(uint128(miel.inHand + credit - amount), uint128(miel.promised - amount));
        if (credit != 0) STAKE.withdrawCredit();
        IERC20(MIEL).safeTransfer(to, amount);
    }
}
